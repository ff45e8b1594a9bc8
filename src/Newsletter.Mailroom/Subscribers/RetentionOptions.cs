using System.ComponentModel.DataAnnotations;

namespace Newsletter.Mailroom;

/// <summary>Section <c>Retention</c> of the configuration: after which time the clock forgets what there is no more reason to keep.</summary>
public sealed class RetentionOptions
{
    /// <summary>Who has not confirmed for so long is forgotten, without a mark: they never were readers, and may come anew. A month: who meant it has confirmed by then, also after a holiday.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")] public TimeSpan Pending { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// So long after a reader left, network addresses and user agents go from their history; while they are with us, these show that they came and chose themselves.
    /// A year: until then somebody may dispute that they agreed, or left.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")] public TimeSpan Evidence { get; init; } = TimeSpan.FromDays(365);

    /// <summary>
    /// So long after it came, the bytes of a returned mail that was understood go; what it was read as stays. Not those of conversations, whose files the inbox shows. Null: all are kept, so that new rules can
    /// read old mails again.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")] public TimeSpan? Mails { get; init; }
}
