using System.ComponentModel.DataAnnotations;

namespace Newsletter.Mailroom;

/// <summary>Section <c>Preferences</c> of the configuration: what readers may do on pages of their own.</summary>
public sealed class PreferencesOptions
{
    /// <summary>The longest pause that a reader can set: who wants less mail for longer is asked again.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3660.00:00:00")] public TimeSpan LongestPause { get; init; } = TimeSpan.FromDays(366);

    /// <summary>How long the links are good that go to a reader's mailbox, and to a new address.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "30.00:00:00")] public TimeSpan LinksFor { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The most such mails of all workers in 24 hours.</summary>
    [Range(0, 1_000_000)] public int MailsPerDay { get; init; } = 1000;
}
