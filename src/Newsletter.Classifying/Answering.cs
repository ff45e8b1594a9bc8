namespace Newsletter.Classifying;

/// <summary>What a mail's header says of it besides its kind.</summary>
/// <param name="Sender">Whether the sender is proven.</param>
/// <param name="NoAnswer">Why no program may answer it by itself; null where one may.</param>
public sealed record MailMarks(SenderProof Sender, string? NoAnswer)
{
    /// <summary>Nothing is known; nothing is answered.</summary>
    public static MailMarks None { get; } = new(SenderProof.Unknown, "nothing is known of it");

    /// <summary>Reads them. Any bytes have some.</summary>
    /// <param name="raw">The mail as it came.</param>
    /// <param name="trusted">The hosts whose Authentication-Results are believed.</param>
    public static MailMarks Read(ReadOnlyMemory<byte> raw, IReadOnlyCollection<string> trusted) => Of(IncomingMail.Read(raw), trusted);

    internal static MailMarks Of(IncomingMail mail, IReadOnlyCollection<string> trusted) => new(SenderProof.Of(mail, trusted), Answering.WhyNot(mail));
}

/// <summary>Whether a program may answer a mail by itself: two that answer one another would never end.</summary>
internal static class Answering
{
    private static readonly string[] Robots = ["owner-", "noreply", "no-reply", "donotreply", "do-not-reply", "listserv", "majordomo"];
    private static readonly string[] Marks = ["List-Id", "List-Help", "List-Unsubscribe", "List-Subscribe", "List-Post", "List-Owner", "List-Archive", "X-Loop", "X-Auto-Response-Suppress"];

    /// <summary>Why not (RFC 3834 §2, RFC 5321 §4.5.5, RFC 5230 §4.6); null where it may.</summary>
    public static string? WhyNot(IncomingMail mail)
    {
        if (mail.ReturnPath is "" or "null")
            return "it has a null return path";
        if (AutoReply.OfHeader(mail) is { } robot)
            return Classifier.Line(robot);
        if (Array.Find(Marks, mark => mail.Header(mark) is not null) is { } found)
            return $"it has a field {found}";
        if (AutoReply.Precedence(mail) is ("bulk" or "junk" or "list") and var precedence)
            return $"Precedence: {precedence}";
        return mail.From.Length == 0 || Machine.IsSender(mail) || IsRobot(mail.From) || IsRobot(mail.ReturnPath ?? "") ? "no person's address sent it" : null;
    }

    private static bool IsRobot(string address)
    {
        var local = address.Split('@')[0].ToLowerInvariant();
        return local.EndsWith("-request", StringComparison.Ordinal) || Array.Exists(Robots, robot => local.StartsWith(robot, StringComparison.Ordinal));
    }
}
