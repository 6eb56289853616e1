"""Reading what others made in processes of their own, which a hostile document may break."""
