"""Computing on places: which area holds a point, how one division of a country goes over into another."""
