using Newsletter.Classifying;

namespace Newsletter.Replies;

/// <summary>The subject of an answer, and what two subjects have in common.</summary>
public static class ReplySubject
{
    /// <summary>"Re: " once, and the subject without the marks before it.</summary>
    public static string Answer(string subject) => $"Re: {Bare(subject)}".TrimEnd();

    /// <summary>Whether it has a mark of answering.</summary>
    public static bool IsAnswer(string subject) => SubjectMarks.Has(Clean(subject));

    /// <summary>Two subjects of one conversation have the same key.</summary>
    public static string Key(string subject) => SearchText.Of(Bare(subject));

    private static string Bare(string subject) => SubjectMarks.Bare(Clean(subject));

    private static string Clean(string subject) => Composing.HeaderText.Clean(subject);
}
