namespace Newsletter.Classifying;

/// <summary>Knows a mail that goes round and round.</summary>
internal static class LoopedMail
{
    /// <summary>RFC 5321 §6.3: no server should take fewer than a hundred for a loop.</summary>
    private const int MaxReceived = 100;

    public static ReturnedMail? Read(IncomingMail mail) => mail.Count("Received") > MaxReceived
        ? new ReturnedMail.Other { Evidence = $"more than {MaxReceived} Received fields: a loop (RFC 5321 §6.3)", Confidence = Confidence.High }
        : null;
}

/// <summary>Whether a program may answer a mail by itself: two that answer one another would never end.</summary>
internal static class Answering
{
    private static readonly string[] Robots = ["owner-", "noreply", "no-reply", "donotreply", "do-not-reply", "listserv", "majordomo"];
    private static readonly string[] ListMarks = ["List-Id", "List-Help", "List-Unsubscribe", "List-Subscribe", "List-Post", "List-Owner", "List-Archive"];

    /// <summary>Why not (RFC 3834 §2, RFC 5321 §4.5.5, RFC 5230 §4.6); null where it may.</summary>
    public static string? WhyNot(IncomingMail mail)
    {
        if (mail.ReturnPath is "" or "null")
            return "it has a null return path";
        if (mail.Header("Auto-Submitted") is { } submitted && !submitted.Trim().StartsWith("no", StringComparison.OrdinalIgnoreCase))
            return Classifier.Line($"Auto-Submitted: {submitted}");
        if (Array.Find([.. ListMarks, "X-Loop", "X-Auto-Response-Suppress"], mark => mail.Header(mark) is not null) is { } found)
            return $"it has a field {found}";
        if (AutoReply.Precedence(mail) is "bulk" or "junk" or "list" or "auto_reply")
            return $"Precedence: {AutoReply.Precedence(mail)}";
        return mail.From.Length == 0 || Machine.IsSender(mail) || IsRobot(mail.From) || IsRobot(mail.ReturnPath ?? "") ? "no person's address sent it" : null;
    }

    private static bool IsRobot(string address)
    {
        var local = address.Split('@')[0].ToLowerInvariant();
        return local.EndsWith("-request", StringComparison.Ordinal) || Array.Exists(Robots, robot => local.StartsWith(robot, StringComparison.Ordinal));
    }
}
