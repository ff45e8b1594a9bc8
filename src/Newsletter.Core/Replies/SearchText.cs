using System.Globalization;
using System.Text;

namespace Newsletter.Replies;

/// <summary>Text as it is searched for: lower case, without accents, single blanks, the same in both databases.</summary>
public static class SearchText
{
    private const int MostWords = 8;

    /// <summary>What is kept.</summary>
    public static string Of(string text)
    {
        var key = new StringBuilder(text.Length);
        foreach (var letter in Decomposed(text))
            if (char.IsWhiteSpace(letter) || char.IsControl(letter))
                key.Append(key.Length > 0 && key[^1] != ' ' ? " " : "");
            else if (CharUnicodeInfo.GetUnicodeCategory(letter) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format))
                key.Append(char.ToLowerInvariant(letter));
        return key.ToString().TrimEnd();
    }

    /// <summary>The words of a question: each has to be found; at most eight.</summary>
    public static IReadOnlyList<string> Words(string question) => [.. Of(question).Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().Take(MostWords)];

    private static string Decomposed(string text)
    {
        try { return text.Normalize(NormalizationForm.FormKD); }
        catch (ArgumentException) { return text; } // a lone surrogate has no normal form
    }
}
