using System.Globalization;

namespace Newsletter.Composing.Body;

/// <summary>Where the links of a plain text lead: behind their words, or by numbers that are listed behind their section.</summary>
/// <param name="isNumbered">Whether they have numbers.</param>
internal sealed class TextLinks(bool isNumbered)
{
    private readonly List<string> _due = [];
    private readonly Dictionary<string, int> _here = new(StringComparer.Ordinal);
    private int _last;

    /// <summary>Whether they have numbers.</summary>
    public bool IsNumbered => isNumbered;

    /// <summary>What stands behind a link's words.</summary>
    /// <param name="address">Whole, without blanks.</param>
    public string Mark(string address)
    {
        if (!isNumbered)
            return $"<{address}>";
        if (!_here.TryGetValue(address, out var number))
        {
            _here[address] = number = ++_last;
            _due.Add(string.Create(CultureInfo.InvariantCulture, $"[{number}] {address}"));
        }
        return string.Create(CultureInfo.InvariantCulture, $"[{number}]");
    }

    /// <summary>The lines of those that were not listed yet. The same address in the next section has a number of its own: nobody likes to leaf.</summary>
    public IReadOnlyList<string> Take()
    {
        var lines = _due.ToList();
        _due.Clear();
        _here.Clear();
        return lines;
    }
}
