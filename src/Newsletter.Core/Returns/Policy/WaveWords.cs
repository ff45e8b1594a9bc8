using System.Text;
using Newsletter.Addresses;
using Newsletter.Classifying;

namespace Newsletter.Returns;

/// <summary>Makes refusals alike that differ in addresses, numbers, links and ids alone, so that a wave of them is seen as one.</summary>
public static class WaveWords
{
    private const int MaxRead = 2_000;
    private const int MaxWords = 24;
    private const int MaxLength = 200;
    private static readonly char[] Marks = ['.', ',', ';', ':', '!', '?', '(', ')', '[', ']', '<', '>', '"', '\'', '`', '*', '='];

    /// <summary>The key of a refusal: its reason and the phrase that gave it, which reports and replies share; where there is no phrase, all of the server's words.</summary>
    public static string KeyOf(BounceVerdict verdict, string evidence, EmailAddress? reader) =>
        $"{verdict.ReasonWord}: {Alike(verdict.Words.Any(char.IsLetter) ? verdict.Words : evidence, reader)}";

    /// <summary>The words without what differs from letter to letter. Names nobody: safe to keep and to show.</summary>
    public static string Alike(string text, EmailAddress? reader = null)
    {
        var local = reader?.Key[..reader.Key.IndexOf('@')];
        var alike = new StringBuilder();
        var (count, before) = (0, "");
        foreach (var word in (text.Length > MaxRead ? text[..MaxRead] : text).ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var like = WordAlike(word.Trim(Marks), local);
            if (like.Length == 0 || (like == before && like is "#" or "@"))
                continue;
            if (++count > MaxWords || alike.Length + like.Length >= MaxLength)
                break;
            alike.Append(alike.Length > 0 ? " " : "").Append(like);
            before = like;
        }
        return alike.ToString();
    }

    private static string WordAlike(string word, string? local)
    {
        if (word.Contains('@') || (local is { Length: > 0 } && word == local))
            return "@";
        if (word.Contains("://", StringComparison.Ordinal) || word.StartsWith("www.", StringComparison.Ordinal))
            return "link";
        if (word.Any(char.IsDigit))
            return "#";
        return word.Contains('.') ? "host" : string.Concat(word.Where(letter => !char.IsControl(letter)));
    }
}
