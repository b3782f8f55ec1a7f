"""The route to the selected endpoint on the desk: in a sentence, hop by hop, and traced anew."""
