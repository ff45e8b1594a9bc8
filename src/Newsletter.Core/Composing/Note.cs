using Newsletter.Addresses;

namespace Newsletter.Composing;

/// <summary>An automatic mail to one person: a forwarded reply, a confirmation, an alert. Plain text, no list, counted nowhere.</summary>
public sealed record Note
{
    /// <summary>Whom it goes to.</summary>
    public required EmailAddress To { get; init; }

    /// <summary>As it is; may come from anyone.</summary>
    public required string Subject { get; init; }

    /// <summary>As it is; lines ended by LF or CRLF.</summary>
    public required string Text { get; init; }

    /// <summary>Without angle brackets, of our domain; the caller's chance or the thing it tells about makes it unique.</summary>
    public required string MessageId { get; init; }

    /// <summary>When it was made; the same for every attempt.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>The display name in From; empty: the publication's. "Anna by Field Notes" for a reply that is handed on: From stays ours, or DMARC fails.</summary>
    public string FromName { get; init; } = "";

    /// <summary>Where an answer goes; null: to the From address.</summary>
    public EmailAddress? ReplyTo { get; init; }

    /// <summary>MAIL FROM. Empty, the usual: the null sender, so that no bounce of it can come back and start a loop (RFC 5321 §4.5.5).</summary>
    public string Sender { get; init; } = "";

    /// <summary>The Message-ID that it answers or hands on, without angle brackets; empty for none. One with blanks or brackets inside is left out.</summary>
    public string InReplyTo { get; init; } = "";

    /// <summary>The Message-IDs of the conversation, the oldest first, without angle brackets (RFC 5322 §3.6.4); empty: <see cref="InReplyTo"/> alone.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Whether a person wrote it: then nothing says that it is automatic, and its reader's mail program may answer.</summary>
    public bool IsByPerson { get; init; }

    /// <summary>Files that go with it.</summary>
    public IReadOnlyList<NoteFile> Files { get; init; } = [];

    /// <summary>Whether a mail set it off (auto-replied) or not (auto-generated), RFC 3834 §5.</summary>
    public bool AnswersMail { get; init; }
}

/// <summary>A file that goes with a note.</summary>
/// <param name="Name">As it is; may come from anyone.</param>
/// <param name="Type">Its media type; one that is none becomes application/octet-stream.</param>
/// <param name="Content">Its octets.</param>
public sealed record NoteFile(string Name, string Type, ReadOnlyMemory<byte> Content);
