"""Whose a row is, as SQL for triggers: the clinic and the client of what it hangs on."""

EPISODES, DOSES = "care_sessions_episodeofcare", "care_sessions_dosingsession"


def of_episode(column: str, episode: str = "NEW.episode_id") -> str:
    """SQL for a column of an episode, such as `clinic_id` or `client_id`."""
    return f"(SELECT e.{column} FROM {EPISODES} e WHERE e.id = {episode})"  # noqa: S608


def of_dosing(column: str, dosing: str = "NEW.dosing_id") -> str:
    """SQL for a column of the episode of a dose."""
    return (
        f"(SELECT e.{column} FROM {EPISODES} e JOIN {DOSES} d ON d.episode_id = e.id "  # noqa: S608
        f"WHERE d.id = {dosing})"
    )
