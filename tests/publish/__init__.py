"""Every format that a report is published in, each read by something that is not ours where that can be had."""
