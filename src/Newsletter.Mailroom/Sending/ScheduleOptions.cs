using System.ComponentModel.DataAnnotations;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>Section <c>Schedule</c> of the configuration.</summary>
public sealed class ScheduleOptions : IValidatableObject
{
    /// <summary>The weekly slot in the publication's zone, such as <c>Tuesday 08:30</c>: the next ready issue goes out then. Empty: none.</summary>
    public string Weekly { get; init; } = "";

    /// <summary>The most that an edition may start after its time; what is later is held for a person. News of the morning is still news at noon.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "31.00:00:00")] public TimeSpan MaxLateness { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Whether a missed time is made up for within <see cref="MaxLateness"/>, or held whatever it is.</summary>
    public MissedPolicy Missed { get; init; } = MissedPolicy.Send;

    /// <summary>The rule that these settings make.</summary>
    public Lateness Lateness => new(MaxLateness, Missed);

    /// <summary>The slot in a zone; null where there is none.</summary>
    public WeeklySlot? Slot(TimeZoneInfo zone) => Weekly.Length > 0 ? WeeklySlot.Read(Weekly, zone) : null;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Weekly.Length > 0 && WeeklySlot.Read(Weekly, TimeZoneInfo.Utc) is null)
            yield return new("is no weekly slot; write it as Tuesday 08:30", [nameof(Weekly)]);
    }
}
