namespace Newsletter.Classifying;

/// <summary>The marks of answering and of handing on that mail programs write before a subject, in their languages: <c>Re:</c>, <c>AW:</c>, <c>Re[2]:</c>, <c>Fwd:</c>.</summary>
/// <remarks>RFC 5322 §3.6.5 knows "Re: " alone.</remarks>
internal static class SubjectMarks
{
    private const int MostMarks = 10;
    private const int LongestMark = 14;

    private static readonly HashSet<string> Forwards = new(StringComparer.OrdinalIgnoreCase)
    {
        "fw", "fwd", "wg", "tr", "rv", "i", "enc", "pd", "vb", "vs", "vl", "doorst", "fs", "转发", "轉寄", "пересл", "전달",
    };

    /// <summary>VS is an answer in Finnish.</summary>
    private static readonly HashSet<string> Marks = new(Forwards, StringComparer.OrdinalIgnoreCase)
    {
        "re", "aw", "antw", "antwort", "sv", "vs", "r", "ré", "rép", "res", "resp", "odp", "rif", "ynt", "vá", "atb", "отв", "ответ", "回复", "回覆", "答复", "答覆", "返信", "답장", "회신",
    };

    /// <summary>Whether it has one.</summary>
    public static bool Has(string subject) => Split(subject) is not null;

    /// <summary>Whether the first of them says that a mail is handed on.</summary>
    public static bool IsForward(string subject) => Split(subject) is (var mark, _) && Forwards.Contains(mark);

    /// <summary>The subject without them.</summary>
    public static string Bare(string subject)
    {
        for (var count = 0; count < MostMarks && Split(subject) is (_, var rest); count++)
            subject = rest;
        return subject;
    }

    private static (string Mark, string Bare)? Split(string subject)
    {
        subject = subject.TrimStart();
        var colon = subject.AsSpan(0, Math.Min(subject.Length, LongestMark)).IndexOfAny(':', '\uFF1A');
        if (colon < 1)
            return null;
        var mark = subject[..colon];
        var counted = mark.IndexOfAny(['[', '(', '^']); // Re[2]:, Re(3):
        mark = (counted > 0 ? mark[..counted] : mark).TrimEnd();
        return Marks.Contains(mark) ? (mark, subject[(colon + 1)..].TrimStart()) : null;
    }
}
