using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Newsletter.Addresses;

namespace Newsletter;

/// <summary>The newsletter as a whole: who sends it, where it lives. Section <c>Publication</c> of the configuration.</summary>
public sealed class Publication : IValidatableObject
{
    /// <summary>The newsletter's name, as readers know it.</summary>
    [Required] public string Name { get; init; } = "";

    /// <summary>One sentence about it: the archive page and the feed show it.</summary>
    public string Description { get; init; } = "";

    /// <summary>The display name in From: who sends, nothing else. Empty: <see cref="Name"/>.</summary>
    public string FromName { get; init; } = "";

    /// <summary>The address in From. No default: mail from a wrong address is worse than none.</summary>
    [Required] public string FromAddress { get; init; } = "";

    /// <summary>Where replies go. Empty: to an address of ours that names the delivery (<c>Returns:Domain</c>), so that they land in the inbox.</summary>
    public string ReplyTo { get; init; } = "";

    /// <summary>The editor's own mailbox: replies are forwarded to it. Empty: <see cref="FromAddress"/>.</summary>
    public string EditorAddress { get; init; } = "";

    /// <summary>The postal address that law asks for in every letter (15 USC 7704(a)(5)). Lines are separated by line ends.</summary>
    [Required] public string PostalAddress { get; init; } = "";

    /// <summary>The public address of our pages, absolute, https outside of tests: unsubscribe links and the archive stand on it.</summary>
    [Required] public string BaseUrl { get; init; } = "";

    /// <summary>The editor's zone, an IANA name: times without an offset and weekly slots are meant in it.</summary>
    public string TimeZone { get; init; } = "Etc/UTC";

    /// <summary>The language of the letters (BCP 47), unless an issue says otherwise.</summary>
    public string Language { get; init; } = "en";

    /// <summary>The identifier of List-Id (RFC 2919 §2): stable for the life of the list. Empty: made of name and domain.</summary>
    public string ListId { get; init; } = "";

    /// <summary>A time by the publication's clock.</summary>
    /// <param name="at">The time.</param>
    /// <param name="format">How it is written, in the invariant culture.</param>
    public string Local(DateTimeOffset at, string format) => TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(TimeZone)).ToString(format, CultureInfo.InvariantCulture);

    /// <summary>What the attributes cannot say: addresses are addresses, the base is an absolute http(s) address, the zone exists.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (EmailAddress.Read(FromAddress) is null)
            yield return new("is no mail address; write it as editor@example.org", [nameof(FromAddress)]);
        if (ReplyTo.Length > 0 && EmailAddress.Read(ReplyTo) is null)
            yield return new("is no mail address; write it as editor@example.org, or leave it empty", [nameof(ReplyTo)]);
        if (EditorAddress.Length > 0 && EmailAddress.Read(EditorAddress) is null)
            yield return new("is no mail address; write it as editor@example.org, or leave it empty", [nameof(EditorAddress)]);
        if (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.Query.Length + address.Fragment.Length > 0)
            yield return new("is no web address; write it as https://news.example.org", [nameof(BaseUrl)]);
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
            yield return new("is no time zone; write an IANA name such as Europe/Berlin", [nameof(TimeZone)]);
        if ((Name + FromName + Language + ListId).Any(char.IsControl))
            yield return new("holds a line end or another control character; take it out", [nameof(Name)]);
    }
}
