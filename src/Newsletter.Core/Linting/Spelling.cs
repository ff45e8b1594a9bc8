namespace Newsletter.Linting;

/// <summary>How far apart two words are: one letter missing, added, another, or two that changed places is a step (Damerau 1964).</summary>
internal static class Spelling
{
    /// <summary>Counts up to <paramref name="most"/>; one more for anything further.</summary>
    public static int Distance(string a, string b, int most)
    {
        if (Math.Abs(a.Length - b.Length) > most || a.Length > 200)
            return a == b ? 0 : most + 1;

        var (before, last, now) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
            last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            now[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                now[j] = Math.Min(Math.Min(last[j], now[j - 1]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    now[j] = Math.Min(now[j], before[j - 2] + 1);
            }
            (before, last, now) = (last, now, before);
        }
        return Math.Min(last[b.Length], most + 1);
    }

    /// <summary>The word that was probably meant; null where none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        var most = word.Length < 5 ? 1 : 2;
        return known.Select(one => (Word: one, Distance: Distance(word, one, most))).Where(one => one.Distance <= most).OrderBy(one => one.Distance).FirstOrDefault().Word;
    }
}
