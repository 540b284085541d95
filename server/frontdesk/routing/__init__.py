"""Who answers: availability, policy, assignment."""
