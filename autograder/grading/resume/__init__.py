"""What lets a run leave a report as it is without reading the work again: by what lies there, never by a clock."""
