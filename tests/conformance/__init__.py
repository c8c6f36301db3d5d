"""What REST 1.5.0 and 2.2.2 define, and which test proves that it is served."""
