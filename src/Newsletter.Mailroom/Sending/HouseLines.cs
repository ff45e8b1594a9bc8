using Newsletter.Composing;
using Newsletter.Sending;

namespace Newsletter.Mailroom;

/// <summary>Mails of the house itself (notices, replies handed on, proofs): each goes by the first relay that takes it, over lines that are kept until all are sent.</summary>
/// <param name="ways">At least one; those that stand by come last.</param>
internal sealed class HouseLines(IEnumerable<ITransport> ways) : IAsyncDisposable
{
    private readonly List<ITransport> relays = [.. ways.OrderBy(relay => relay.Pace.Weight == 0)];
    private readonly Dictionary<ITransport, ITransportConnection> lines = [];

    /// <summary>Sends one letter. What no relay takes has the last one's answer.</summary>
    public async Task<SmtpOutcome> SendAsync(Letter letter)
    {
        SmtpOutcome? last = null;
        foreach (var relay in relays.ToList())
        {
            if (!lines.TryGetValue(relay, out var line))
                lines[relay] = line = relay.Open();
            last = await line.OpenAsync(CancellationToken.None) ?? await line.SendAsync(letter);
            // In doubt: another relay would make it two.
            if (last is SmtpOutcome.Accepted or SmtpOutcome.Rejected or SmtpOutcome.InDoubt)
                return last;
            // The next letter asks it last: it may be one that lets us wait for minutes.
            relays.Remove(relay);
            relays.Add(relay);
        }
        return last ?? throw new InvalidOperationException("there is no relay for the publication's own mails");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var line in lines.Values)
            await line.DisposeAsync();
    }
}
