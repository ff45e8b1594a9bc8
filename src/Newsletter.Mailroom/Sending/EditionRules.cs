using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>What the settings say of the beginning of editions.</summary>
/// <param name="Schedule">Section <c>Schedule</c>.</param>
/// <param name="Sending">Section <c>Sending</c>.</param>
public sealed record EditionRules(ScheduleOptions Schedule, SendingOptions Sending)
{
    /// <summary>How long before its time a scheduled edition is announced, while nobody has set <c>Sending:HoldWindow</c>.</summary>
    public static readonly TimeSpan UsualAnnouncement = TimeSpan.FromMinutes(5);

    /// <summary>How late is too late.</summary>
    public Lateness Lateness => Schedule.Lateness;

    /// <summary>Who gets an issue first.</summary>
    public Waves Waves => Sending.Waves;

    /// <summary>An edition starts no earlier than this after it was made, so that it can be undone.</summary>
    public TimeSpan HoldWindow => Sending.HoldWindow ?? TimeSpan.Zero;

    /// <summary>So long before its time a scheduled edition stands as held, with the time that is left; the weekly slot takes its issue then.</summary>
    public TimeSpan Announcement => Sending.HoldWindow ?? UsualAnnouncement;
}
