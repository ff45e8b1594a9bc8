using System.ComponentModel.DataAnnotations;

namespace Newsletter;

/// <summary>The newsletter as a whole: who sends it, where it lives. Section <c>Publication</c> of the configuration.</summary>
public sealed class Publication
{
    /// <summary>The newsletter's name, as readers know it.</summary>
    [Required] public required string Name { get; init; }

    /// <summary>One sentence about it: the archive page and the feed show it.</summary>
    public string Description { get; init; } = "";

    /// <summary>The display name in From: who sends, nothing else. Empty: <see cref="Name"/>.</summary>
    public string FromName { get; init; } = "";

    /// <summary>The address in From. No default: mail from a wrong address is worse than none.</summary>
    [Required] public required string FromAddress { get; init; }

    /// <summary>Where replies go. Empty: to an address of ours that names the delivery (<c>Returns:Domain</c>), so that they land in the inbox.</summary>
    public string ReplyTo { get; init; } = "";

    /// <summary>The editor's own mailbox: replies are forwarded to it. Empty: <see cref="FromAddress"/>.</summary>
    public string EditorAddress { get; init; } = "";

    /// <summary>The postal address that law asks for in every letter (15 USC 7704(a)(5)). Lines are separated by line ends.</summary>
    [Required] public required string PostalAddress { get; init; }

    /// <summary>The public address of our pages, absolute, https outside of tests: unsubscribe links and the archive stand on it.</summary>
    [Required] public required string BaseUrl { get; init; }

    /// <summary>The editor's zone, an IANA name: times without an offset and weekly slots are meant in it.</summary>
    public string TimeZone { get; init; } = "Etc/UTC";

    /// <summary>The language of the letters (BCP 47), unless an issue says otherwise.</summary>
    public string Language { get; init; } = "en";

    /// <summary>The identifier of List-Id (RFC 2919 §2): stable for the life of the list. Empty: made of name and domain.</summary>
    public string ListId { get; init; } = "";
}
