using MimeKit.Utils;
using Newsletter.Addresses;
using Newsletter.Classifying;

namespace Newsletter.Replies;

/// <summary>What the inbox keeps of a mail that is shown: plain text, as the writer claims to be.</summary>
/// <param name="Sender">The address in From; empty where there is none. Anyone can write any.</param>
/// <param name="SenderName">The display name in From; empty for none.</param>
/// <param name="AnswerTo">Where an answer goes: Reply-To, else From; null where neither is an address we would write to.</param>
/// <param name="Subject">Decoded, one line; empty for none.</param>
/// <param name="Body">The first text with what it quotes, lines ended by LF; HTML as its words. At most 2,000 lines.</param>
/// <param name="MessageId">Its own Message-ID without brackets; empty for none.</param>
/// <param name="Attachments">Names of attached files, at most 20; the files themselves are in the stored mail.</param>
public sealed record ReceivedReply(
    string Sender, string SenderName, EmailAddress? AnswerTo, string Subject, string Body, string MessageId, IReadOnlyList<string> Attachments)
{
    private const int MaxName = 200;
    private const int MaxWritten = 100_000;
    private const int MaxReferences = 20;
    private static readonly string[] Places = ["Delivered-To", "X-Original-To", "X-Delivered-To", "Envelope-To", "X-Envelope-To", "X-Rcpt-To", "To", "Cc"];

    /// <summary>What its writer wrote, without what is quoted; at most 100,000 characters.</summary>
    public string Written { get; init; } = "";

    /// <summary>The Message-IDs of the conversation that it names, the oldest first (References, else In-Reply-To), at most 20: the first and the last ones.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>The conversation that its address names by a seal; null where it came to no such address.</summary>
    public ThreadSeal? CameTo { get; init; }

    /// <summary>Of a mail to the address that only the editor has: what goes on to the reader.</summary>
    public string Onward { get; init; } = "";

    /// <summary>Until when its writer is away, where it says so; days without a year are reckoned from its Date, so that it reads alike whenever it is read.</summary>
    public Absence? Absence { get; init; }

    /// <summary>What it is found by.</summary>
    public string Search => SearchText.Of($"{Sender} {SenderName} {Subject} {string.Join(' ', Attachments)} {Written}");

    /// <summary>Reads a mail for the inbox. Any bytes give one.</summary>
    /// <param name="raw">As it came.</param>
    /// <param name="ours">Reads the seals of our addresses; null: none is looked for.</param>
    public static ReceivedReply Read(ReadOnlyMemory<byte> raw, OurAddresses? ours = null) => Of(IncomingMail.Read(raw), ReplyMail.Read(raw), ours);

    internal static ReceivedReply Of(IncomingMail mail, ReplyMail whole, OurAddresses? ours)
    {
        var blocks = whole.Fold();
        var written = TextFolding.Written(blocks);
        var seal = ours is null ? null : SealOf(mail, ours);
        var replyTo = Addressing.FindIn(mail.Header("Reply-To") ?? "") is [var first, ..] ? first.Address : mail.From;
        return new(
            Classifier.Line(mail.From), Short(mail.FromName), EmailAddress.Read(replyTo) ?? EmailAddress.Read(mail.From), Classifier.Line(mail.Subject),
            string.Join('\n', mail.WholeText).Trim(), Classifier.Line(mail.Header("Message-ID")?.Trim().Trim('<', '>') ?? ""),
            whole.Files.Select(file => file.Name).Take(20).ToList())
        {
            Written = written[..Math.Min(written.Length, MaxWritten)],
            References = ReadReferences(mail),
            CameTo = seal,
            Onward = seal is { Reply: not null } ? OnwardText.Of(blocks, ours!) : "",
            Absence = DateUtils.TryParse(mail.Header("Date") ?? "", out var date) ? Absence.Find($"{mail.Subject}\n{written}", DateOnly.FromDateTime(date.DateTime)) : null,
        };
    }

    private static ThreadSeal? SealOf(IncomingMail mail, OurAddresses ours)
    {
        foreach (var value in Places.SelectMany(mail.All))
            foreach (var word in value.Split([' ', '\t', '\r', '\n', ',', ';', '<', '>', '"'], StringSplitOptions.RemoveEmptyEntries).Take(50))
                if (word.Length <= 100 && ours.ReadThread(word) is { } seal)
                    return seal;
        return null;
    }

    private static List<string> ReadReferences(IncomingMail mail)
    {
        var ids = string.Join(' ', mail.All("References").Concat(mail.All("In-Reply-To"))).Split([' ', '\t', '\r', '\n', '<', '>', ','], StringSplitOptions.RemoveEmptyEntries)
            .Where(id => id.Length is > 2 and <= 250 && id.All(letter => letter is > ' ' and < '\x7F')).Distinct(StringComparer.Ordinal).ToList();
        return ids.Count <= MaxReferences ? ids : [ids[0], .. ids[^(MaxReferences - 1)..]];
    }

    private static string Short(string text) => Classifier.Line(text) is { Length: > MaxName } whole ? whole[..MaxName] : Classifier.Line(text);
}
