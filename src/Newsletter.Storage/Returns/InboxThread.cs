using System.Globalization;
using System.Text.Json;
using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Replies;

namespace Newsletter.Storage;

/// <summary>One conversation in the editor's list.</summary>
/// <param name="Id">The thread.</param>
/// <param name="State">unread, read or done.</param>
/// <param name="IssueSlug">The issue it is about; empty where nothing tells one.</param>
/// <param name="IssueTitle">Its title; empty likewise.</param>
/// <param name="Subscriber">Whose; null where nobody is known.</param>
/// <param name="Address">The subscriber's address, else the last sender's.</param>
/// <param name="Kind">What the last mail is: reply, unsubscribe, bounce, complaint, auto-reply, other.</param>
/// <param name="Subject">Of the first mail.</param>
/// <param name="Last">When the last one came.</param>
/// <param name="Count">Mails in it.</param>
public sealed record InboxThread(long Id, string State, string IssueSlug, string IssueTitle, SubscriberId? Subscriber, string Address, string Kind, string Subject, DateTimeOffset Last, long Count)
{
    /// <summary>The edition that it is about; null for none.</summary>
    public EditionId? Edition { get; init; }

    /// <summary>Whether it is of automatic answers.</summary>
    public bool IsOfMachines { get; init; }

    /// <summary>The subscriber's name, else the last sender's; may be empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>The address that the last mail says it is from: of the subscriber, or of anyone; empty for none.</summary>
    public string Sender { get; init; } = "";

    /// <summary>The name that the last mail says it is from; may be empty.</summary>
    public string SenderName { get; init; } = "";

    /// <summary>Whether the last mail is of somebody else than the subscriber whose conversation it is.</summary>
    public bool IsOfAnother => Subscriber is not null && !Sender.Equals(Address, StringComparison.OrdinalIgnoreCase);

    /// <summary>The beginning of what the last mail's writer wrote.</summary>
    public string Written { get; init; } = "";

    /// <summary>How often it was answered.</summary>
    public long Answered { get; init; }

    /// <summary>Files of the last mail.</summary>
    public int Files { get; init; }

    /// <summary>What the editor has called it by.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Until when its writer is away; null where the last mail does not tell.</summary>
    public Absence? Absence { get; init; }
}

/// <summary>One mail of a conversation.</summary>
public sealed record InboxReply(
    long Id, long ThreadId, long ReturnedMail, string Kind, string Evidence, string Sender, string SenderName, string Subject, string Body, DateTimeOffset At,
    EmailAddress? AnswerTo, string MessageId, IReadOnlyList<string> Attachments, DateTimeOffset? ForwardedAt, string IssueTitle)
{
    /// <summary>Whether it is proven who sent it: proven, unproven, failed, impostor; empty: nobody has looked.</summary>
    public string SenderProof { get; init; } = "";

    /// <summary>The same for the editor's eyes.</summary>
    public string SenderWords { get; init; } = "";

    /// <summary>What its writer wrote, without what is quoted.</summary>
    public string Written { get; init; } = "";

    /// <summary>The Message-IDs that it names, the oldest first.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>The References of an answer to it (RFC 5322 §3.6.4): those that it names, and its own.</summary>
    public IReadOnlyList<string> Conversation => MessageId.Length > 0 ? [.. References.Where(id => id != MessageId), MessageId] : References;

    /// <summary>Why it is in its conversation: seal, thread, reference, subject; empty: it began it.</summary>
    public string FiledBy { get; init; } = "";

    /// <summary>Until when its writer is away.</summary>
    public Absence? Absence { get; init; }

    /// <summary>Why it did not go on to the reader; empty where it did not come to the address in a note to the editor.</summary>
    public string NotPassedOn { get; init; } = "";

    /// <summary>The sender of the first mail of its conversation.</summary>
    public string BeganBy { get; init; } = "";

    /// <summary>Whether it is an event that a provider told, and no mail: <see cref="Body"/> is all there is to read.</summary>
    public bool IsEvent { get; init; }
}

/// <summary>Who is answered for mails of a conversation.</summary>
/// <param name="Address">Where the answer goes.</param>
/// <param name="Kind">What those mails are.</param>
/// <param name="Last">The last of them.</param>
public sealed record InboxWriter(EmailAddress Address, string Kind, long Last);

internal sealed record InboxThreadRow
{
    public required long Id { get; init; }
    public required string State { get; init; }
    public required string Box { get; init; }
    public required string IssueSlug { get; init; }
    public required string IssueTitle { get; init; }
    public long? EditionId { get; init; }
    public long? SubscriberId { get; init; }
    public required string Address { get; init; }
    public required string Name { get; init; }
    public required string Sender { get; init; }
    public required string SenderName { get; init; }
    public required string Kind { get; init; }
    public required string Subject { get; init; }
    public required long LastAt { get; init; }
    public required long Count { get; init; }
    public required long Answered { get; init; }
    public required string Written { get; init; }
    public required string Attachments { get; init; }
    public required string BackOn { get; init; }

    public InboxThread ToThread(IReadOnlyList<string> tags) =>
        new(Id, State, IssueSlug, IssueTitle, SubscriberId is { } id ? new SubscriberId(id) : null, Address, Kind, Subject, LastAt.Instant(), Count)
        {
            Edition = EditionId is { } edition ? new EditionId(edition) : null,
            IsOfMachines = Box == "machines",
            Name = Name,
            Sender = Sender,
            SenderName = SenderName,
            Written = Written,
            Answered = Answered,
            Files = JsonSerializer.Deserialize<List<string>>(Attachments)!.Count,
            Tags = tags,
            Absence = InboxReplyRow.AbsenceOf(BackOn, ""),
        };
}

internal sealed record InboxReplyRow
{
    public required long Id { get; init; }
    public required long ThreadId { get; init; }
    public required long ReturnedMailId { get; init; }
    public required string Kind { get; init; }
    public required string Evidence { get; init; }
    public required string Sender { get; init; }
    public required string SenderName { get; init; }
    public required string Subject { get; init; }
    public required string Body { get; init; }
    public required long At { get; init; }
    public required string AnswerTo { get; init; }
    public required string MessageId { get; init; }
    public required string Attachments { get; init; }
    public long? ForwardedAt { get; init; }
    public required string IssueTitle { get; init; }
    public required string SenderProof { get; init; }
    public required string SenderWords { get; init; }
    public required string Written { get; init; }
    public required string Refs { get; init; }
    public required string FiledBy { get; init; }
    public required string BackOn { get; init; }
    public required string BackWords { get; init; }
    public required string NotPassedOn { get; init; }
    public required string Form { get; init; }
    public required string BeganBy { get; init; }

    public InboxReply ToReply() => new(Id, ThreadId, ReturnedMailId, Kind, Evidence, Sender, SenderName, Subject, Body, At.Instant(), EmailAddress.Read(AnswerTo), MessageId,
        JsonSerializer.Deserialize<List<string>>(Attachments)!, ForwardedAt.Instant(), IssueTitle)
    {
        SenderProof = SenderProof,
        SenderWords = SenderWords,
        Written = Written,
        References = Refs.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        FiledBy = FiledBy,
        Absence = AbsenceOf(BackOn, BackWords),
        NotPassedOn = NotPassedOn,
        BeganBy = BeganBy,
        IsEvent = NotificationForms.Read(Form) is not null,
    };

    internal static Absence? AbsenceOf(string text, string words) =>
        text.Length == 0 ? null : new(DateOnly.ParseExact(text.AsSpan().TrimStart('.'), "yyyy-MM-dd", CultureInfo.InvariantCulture), !text.StartsWith('.'), words);
}
