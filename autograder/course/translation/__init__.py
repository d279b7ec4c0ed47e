"""A course in other languages: what is to be translated of it, its catalogues, its lessons as they read in one."""
