"""From folders of submissions to a folder of reports."""
