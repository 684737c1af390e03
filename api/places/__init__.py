"""What is where: municipalities, shop units, parcels; browsing and history."""
