using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Newsletter.Addresses;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>Who got what, written out line by line: memory does not grow with the edition.</summary>
public sealed class LedgerExport(LedgerStore ledger)
{
    private const string Header = "email,state,attempts,code,status,words,at,revision,subject";

    /// <summary>Letters of all languages as they are; the text goes to a program, never into a page.</summary>
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As CSV with a header (RFC 4180); what a spreadsheet would run as a formula gets a <c>'</c> in front.</summary>
    /// <returns>How many deliveries.</returns>
    public Task<long> WriteCsvAsync(TextWriter to, EditionId edition, DeliveryFilter filter, CancellationToken ct) => WriteAsync(to, Header, Csv, "\r\n", edition, filter, ct);

    /// <summary>As JSON lines.</summary>
    /// <returns>How many deliveries.</returns>
    public Task<long> WriteJsonAsync(TextWriter to, EditionId edition, DeliveryFilter filter, CancellationToken ct) => WriteAsync(to, null, JsonLine, "\n", edition, filter, ct);

    private async Task<long> WriteAsync(TextWriter to, string? header, Func<LedgerLine, string> line, string end, EditionId edition, DeliveryFilter filter, CancellationToken ct)
    {
        if (header is not null)
            await to.WriteAsync($"{header}{end}".AsMemory(), ct);
        var count = 0L;
        await foreach (var delivery in ledger.ListAsync(edition, filter, ct))
        {
            await to.WriteAsync($"{line(delivery)}{end}".AsMemory(), ct);
            count++;
        }
        return count;
    }

    private static string Csv(LedgerLine line) => string.Join(',', new[]
    {
        line.Address, line.State.Words(), line.Attempts.ToString(CultureInfo.InvariantCulture), line.Code?.ToString(CultureInfo.InvariantCulture) ?? "",
        line.Status ?? "", line.Words ?? "", SubscriberCsv.WriteInstant(line.At), line.Revision ?? "", line.Subject,
    }.Select(SubscriberCsv.Cell));

    private static string JsonLine(LedgerLine line) => JsonSerializer.Serialize(new
    {
        email = line.Address,
        state = line.State.Words(),
        attempts = line.Attempts,
        code = line.Code,
        status = line.Status,
        words = line.Words,
        at = SubscriberCsv.WriteInstant(line.At),
        revision = line.Revision,
        subject = line.Subject.Length > 0 ? line.Subject : null,
    }, Json);
}
