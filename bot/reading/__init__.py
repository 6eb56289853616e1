"""What is read: sources when they are due, threads whole, the pages that they link to."""
