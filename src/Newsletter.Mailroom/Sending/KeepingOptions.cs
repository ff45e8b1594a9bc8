using System.ComponentModel.DataAnnotations;

namespace Newsletter.Mailroom;

/// <summary>Section <c>Keeping</c> of the configuration: how long what is written is kept as it was.</summary>
public sealed class KeepingOptions
{
    /// <summary>
    /// So long after its end an edition keeps a row for each delivery; then the ordinary ones become counts. A year and a month: last year's issue of the
    /// same season can still be looked up reader by reader. Never less than a month, in which most of what comes back has come.
    /// </summary>
    [Range(typeof(TimeSpan), "30.00:00:00", "36500.00:00:00")] public TimeSpan Deliveries { get; init; } = TimeSpan.FromDays(400);
}
