using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Newsletter.Addresses;
using Newsletter.Returns;

namespace Newsletter.Mailroom;

/// <summary>How mail that comes back is read and answered: keys of the section <c>Returns</c> that are no way in.</summary>
public sealed class ReturnsOptions : IValidatableObject
{
    /// <summary>The names (authserv-id, RFC 8601 §2.5) under which our own incoming servers write Authentication-Results. Empty: nobody's word on a sender is believed.</summary>
    public IReadOnlyList<string> TrustedAuthservIds { get; init; } = [];

    /// <summary>Octets of a mail that are stored; of a longer one the beginning, with a mark. The classifier reads the first megabyte.</summary>
    [Range(64 * 1024, CutMail.MostRead)] public int LargestMail { get; init; } = 30 * 1024 * 1024;

    /// <summary>What happens to a mail that asks in words to leave.</summary>
    public HumanUnsubscribe HumanUnsubscribe { get; init; } = HumanUnsubscribe.Offer;

    /// <summary>Whether who left by mail is told, with a way back.</summary>
    public bool ConfirmUnsubscribe { get; init; } = true;

    /// <summary>How long that way back is open.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")] public TimeSpan TakeBackWithin { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The most such mails of all workers in 24 hours; what is over waits two days at most.</summary>
    [Range(0, 1_000_000)] public int ConfirmationsPerDay { get; init; } = 1000;

    /// <summary>The keys, which stand beside those of the ways in.</summary>
    internal static IEnumerable<string> Keys => typeof(ReturnsOptions).GetProperties().Where(property => property.CanWrite).Select(property => property.Name);

    /// <summary>Reads them, and no others of their section.</summary>
    /// <exception cref="SettingException">One is not right.</exception>
    public static ReturnsOptions Read(IConfiguration configuration)
    {
        const string Section = "Returns";
        var own = configuration.AsEnumerable().Where(pair => Keys.Any(key => $"{pair.Key}:".StartsWith($"{Section}:{key}:", StringComparison.OrdinalIgnoreCase)));
        return new ConfigurationBuilder().AddInMemoryCollection(own).Build().Read<ReturnsOptions>(Section);
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TrustedAuthservIds.FirstOrDefault(id => id.Any(letter => letter <= ' ' || letter == ';')) is { } wrong)
            yield return new($"has \"{wrong}\": write the name that stands first in your server's Authentication-Results", [nameof(TrustedAuthservIds)]);
    }
}

/// <summary>What the desk goes by when it reads a mail.</summary>
/// <param name="Options">The settings.</param>
/// <param name="House">The editor's and the publication's own addresses.</param>
public sealed record IncomingRules(ReturnsOptions Options, IReadOnlyCollection<EmailAddress> House)
{
    /// <summary>The defaults, of nobody's house.</summary>
    public static IncomingRules None { get; } = new(new(), []);

    /// <summary>Those of a publication.</summary>
    public static IncomingRules Of(ReturnsOptions options, Publication publication) =>
        new(options, [.. new[] { publication.FromAddress, publication.EditorAddress, publication.ReplyTo }.Select(EmailAddress.Read).OfType<EmailAddress>().Distinct()]);
}
