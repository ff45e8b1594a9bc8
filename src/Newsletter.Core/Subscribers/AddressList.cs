using System.Runtime.CompilerServices;
using Newsletter.Addresses;

namespace Newsletter.Subscribers;

/// <summary>A list of addresses alone: one a line, or the first column of a CSV.</summary>
public static class AddressList
{
    private static readonly char[] Ends = [',', ';', '\t'];

    /// <summary>Reads it line by line; a line that is too long or not UTF-8 is no address. Empty lines, and a first one that is a header, are passed by.</summary>
    /// <returns>The line's number and its address; null where it is none.</returns>
    public static async IAsyncEnumerable<(long Line, EmailAddress? Address)> ReadAsync(Stream list, [EnumeratorCancellation] CancellationToken ct)
    {
        var lines = new CsvLines(list);
        while (await lines.ReadAsync(ct) is { } line)
        {
            var first = SubscriberCsv.Plain((line.Text ?? "?").Split(Ends)[0].Trim().Trim('"'));
            if (first.Length > 0 && !(line.Number == 1 && IsHeader(first)))
                yield return (line.Number, EmailAddress.Read(first));
        }
    }

    private static bool IsHeader(string cell) => !cell.Contains('@', StringComparison.Ordinal) && (cell.Contains("mail", StringComparison.OrdinalIgnoreCase) || cell.Contains("address", StringComparison.OrdinalIgnoreCase));
}
