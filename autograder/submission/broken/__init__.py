"""Files that are no longer, or never were, what students write in."""
