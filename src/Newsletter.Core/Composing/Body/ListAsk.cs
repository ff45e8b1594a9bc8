using System.Globalization;
using System.Text.RegularExpressions;
using Newsletter.Issues;

namespace Newsletter.Composing.Body;

/// <summary>Which items of a list are asked for, and in which order: <c>jobs new by -posted | default: "none this week"</c>.</summary>
/// <param name="Name">The list's.</param>
/// <param name="IsNew">Only those since the issue before.</param>
/// <param name="By">The key by which they are put in order; empty: as in the file.</param>
/// <param name="IsDown">Whether the order is turned around.</param>
/// <param name="Default">The words for a list without items; empty: none.</param>
internal sealed partial record ListAsk(string Name, bool IsNew, string By, bool IsDown, string Default)
{
    /// <summary>Null for words that ask for nothing.</summary>
    public static ListAsk? Read(string text) =>
        Form().Match(text) is { Success: true, Groups: var part }
            ? new(part["name"].Value, part["new"].Length > 0, part["by"].Value, part["down"].Length > 0, part["default"].Value)
            : null;

    /// <summary>The items that an issue shows, in order: those of its date; without a date all. Those that have no <c>posted</c> are never new.</summary>
    /// <param name="items">All of them.</param>
    /// <param name="issue">Its date and number.</param>
    /// <param name="surroundings">With the issue before; where there is none, all items are new.</param>
    public IEnumerable<DataItem> Choose(IReadOnlyList<DataItem> items, (DateOnly? Date, int? Number) issue, Surroundings surroundings)
    {
        var before = IsNew ? surroundings.Issues.Values.Where(other => other.Number != issue.Number && other.Date < issue.Date).Max(other => other.Date) : null;
        var chosen = items.Where(item => (issue.Date is null || !(item.Posted > issue.Date) && !(item.Until < issue.Date)) && (!IsNew || item.Posted is { } posted && !(posted <= before))).ToList();
        if (By.Length == 0)
            return chosen;

        var (known, rest) = (chosen.Where(item => Key(item).Length > 0), chosen.Where(item => Key(item).Length == 0));
        var inOrder = known.All(item => Number(item) is not null) ? known.OrderBy(item => Number(item)) : known.OrderBy(Key, StringComparer.OrdinalIgnoreCase);
        return (IsDown ? inOrder.Reverse() : inOrder).Concat(rest);
    }

    private string Key(DataItem item) => item.Values.GetValueOrDefault(By, "").Trim();

    private decimal? Number(DataItem item) => decimal.TryParse(Key(item), NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex("""^(?<name>[A-Za-z0-9_-]+)(?:\s+(?<new>new))?(?:\s+by\s+(?<down>-)?(?<by>[\w-]+))?(?:(?:\s*\|\s*|\s+)default:\s*(?:"(?<default>[^"]+)"|'(?<default>[^']+)'))?\z""")]
    private static partial Regex Form();
}
