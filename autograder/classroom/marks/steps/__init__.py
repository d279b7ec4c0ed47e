"""The steps from a report to a mark, each in a module, in the order in which docs/marks.md tells them."""
