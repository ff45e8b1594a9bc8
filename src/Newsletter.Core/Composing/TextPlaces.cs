using System.Buffers;
using System.Text.RegularExpressions;

namespace Newsletter.Composing;

/// <summary>Finds for each placeholder of a plain text whether it stands within an address, where a blank in its value would be the end.</summary>
internal sealed class TextPlaces(string text)
{
    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t\n<>");
    private bool _isAddress;
    private int _at;

    /// <summary>The place of a match; they are asked for in their order.</summary>
    public Place PlaceOf(Match match)
    {
        var passed = text.AsSpan(_at, match.Index - _at);
        var end = passed.LastIndexOfAny(Ends);
        _isAddress = (end < 0 && _isAddress) || passed[(end + 1)..].Contains("://", StringComparison.Ordinal);
        _at = match.Index;
        return _isAddress ? Place.UrlPart : Place.Text;
    }
}
