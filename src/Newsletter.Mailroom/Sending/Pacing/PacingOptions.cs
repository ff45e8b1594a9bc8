using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>Whose clock the sending hours are read from.</summary>
public enum HoursOf
{
    /// <summary>One zone for all: that of <see cref="PacingOptions.TimeZone"/>.</summary>
    Publication,

    /// <summary>Each reader's own zone; of those who have none, the publication's.</summary>
    Reader,
}

/// <summary>Section <c>Pacing</c> of the configuration: when letters may leave at all.</summary>
public sealed class PacingOptions : IValidatableObject
{
    /// <summary>The hours in which letters leave, such as <c>Mon-Fri 08:00-20:00, Sat-Sun 10:00-16:00</c>. Empty: at any hour.</summary>
    public string Hours { get; init; } = "";

    /// <summary>Whose clock the hours mean.</summary>
    public HoursOf HoursOf { get; init; } = HoursOf.Publication;

    /// <summary>An IANA name: the zone of the hours and of the days of a warm-up. Empty: the publication's.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>Every reader gets an edition when the clock of their own zone shows the edition's time; who has no zone gets it at the edition's time.</summary>
    public bool AtLocalTime { get; init; }

    /// <summary>The first days of a new sender domain, over all relays. Null: none.</summary>
    public WarmUpOptions? WarmUp { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SendingHours.Read(Hours) is null)
            yield return new("has no hours in it: write them as Mon-Fri 08:00-20:00, Sat 10:00-16:00", [nameof(Hours)]);
        if (TimeZone.Length > 0 && !TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
            yield return new("is no time zone; write an IANA name such as Europe/Berlin", [nameof(TimeZone)]);
        if (WarmUp?.Fault is { } fault)
            yield return new(fault, [nameof(WarmUp)]);
    }
}

/// <summary>A warm-up: from a day on, so many letters a day.</summary>
public sealed class WarmUpOptions
{
    /// <summary>The first day, such as <c>2026-12-01</c>. Before it nothing leaves.</summary>
    public string Start { get; init; } = "";

    /// <summary>The most letters on the first day, the second and so on, such as <c>50, 100, 200, 400</c>; after the last of them any number.</summary>
    public string PerDay { get; init; } = "";

    /// <summary>What is wrong with it; null when it is right.</summary>
    internal string? Fault =>
        Day is null ? "needs a Start, such as 2026-12-01"
        : Numbers is not { Count: > 0 } ? "needs PerDay: the letters of each day, such as 50, 100, 200, 400"
        : null;

    /// <exception cref="InvalidOperationException">It has a fault.</exception>
    internal WarmUp Plan => new(Day ?? throw new InvalidOperationException(Fault), Numbers ?? throw new InvalidOperationException(Fault));

    private DateOnly? Day => DateOnly.TryParseExact(Start, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private List<int>? Numbers
    {
        get
        {
            var numbers = PerDay.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1).ToList();
            return numbers.Contains(-1) ? null : numbers;
        }
    }
}
