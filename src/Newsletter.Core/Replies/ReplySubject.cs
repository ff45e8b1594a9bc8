using Newsletter.Composing;

namespace Newsletter.Replies;

/// <summary>The subject of an answer, and what two subjects have in common.</summary>
public static class ReplySubject
{
    private const int MostMarks = 10;

    /// <summary>The marks of answering and of handing on that mail programs write, in their languages (RFC 5322 §3.6.5 knows "Re: " alone).</summary>
    private static readonly string[] Marks =
    [
        "re", "aw", "antw", "antwort", "sv", "vs", "r", "ré", "rép", "res", "resp", "odp", "rif", "ynt", "vá", "atb", "отв", "ответ", "回复", "回覆", "答复", "答覆", "返信", "답장", "회신",
        "fw", "fwd", "wg", "tr", "rv", "enc", "pd", "i", "vb", "vl", "doorst", "转发", "轉寄", "пересл", "전달",
    ];

    /// <summary>"Re: " once, and the subject without the marks before it.</summary>
    public static string Answer(string subject) => $"Re: {Bare(subject)}".TrimEnd();

    /// <summary>Whether it has a mark of answering.</summary>
    public static bool IsAnswer(string subject) => Bare(subject).Length < HeaderText.Clean(subject).Length;

    /// <summary>Two subjects of one conversation have the same key.</summary>
    public static string Key(string subject) => SearchText.Of(Bare(subject));

    private static string Bare(string subject)
    {
        var bare = HeaderText.Clean(subject);
        for (var count = 0; count < MostMarks && WithoutMark(bare) is { } shorter; count++)
            bare = shorter;
        return bare;
    }

    private static string? WithoutMark(string subject)
    {
        var colon = subject.AsSpan(0, Math.Min(subject.Length, 14)).IndexOfAny(':', '\uFF1A');
        if (colon < 1)
            return null;
        var mark = subject[..colon].TrimEnd();
        var counted = mark.IndexOfAny(['[', '(', '^']); // Re[2]:, Re(3):
        mark = counted > 0 ? mark[..counted] : mark;
        return Marks.Contains(mark.ToLowerInvariant()) ? subject[(colon + 1)..].TrimStart() : null;
    }
}
