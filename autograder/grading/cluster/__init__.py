"""A class graded by the workers of a Dask cluster, each of which has the machine, and gets the course for the while."""
