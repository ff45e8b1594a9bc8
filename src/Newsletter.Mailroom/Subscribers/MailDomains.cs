using System.Collections.Concurrent;
using System.Net;
using DnsClient;
using DnsClient.Protocol;

namespace Newsletter.Mailroom;

/// <summary>Whether mail can be sent to a domain, as far as the domain name system tells.</summary>
public enum DomainMail
{
    /// <summary>Nobody has asked, or no answer came: as good as any other.</summary>
    Unknown,
    /// <summary>It names a mail server, or has an address of its own (RFC 5321 §5.1).</summary>
    Takes,
    /// <summary>There is no such domain, or it has no server at all.</summary>
    None,
    /// <summary>It says itself that it takes none (RFC 7505).</summary>
    Refuses,
}

/// <summary>Asks the domain name system about the domains of addresses that are typed in. What it says is kept for a while; a flood of made-up domains asks a few at a time and waits for none.</summary>
public sealed class MailDomains(SignUpOptions options, TimeProvider time) : IDisposable
{
    private const int Most = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2), KeptFor = TimeSpan.FromMinutes(10);

    private readonly Lazy<LookupClient> client = new(() => Client(options));
    private readonly SemaphoreSlim lines = new(16);
    private readonly ConcurrentDictionary<string, (DomainMail Mail, DateTimeOffset Until)> known = new();

    /// <summary>Looks at a domain.</summary>
    /// <param name="domain">As lower-case A-label.</param>
    /// <param name="ct">Stops.</param>
    public async Task<DomainMail> LookAsync(string domain, CancellationToken ct)
    {
        if (!options.CheckDomains)
            return DomainMail.Unknown;
        if (known.TryGetValue(domain, out var kept) && kept.Until > time.GetUtcNow())
            return kept.Mail;
        if (!await lines.WaitAsync(TimeSpan.Zero, ct))
            return DomainMail.Unknown;
        try
        {
            var mail = await AskAsync(domain, ct);
            if (known.Count >= Most)
                known.Clear();
            known[domain] = (mail, time.GetUtcNow() + KeptFor);
            return mail;
        }
        finally
        {
            lines.Release();
        }
    }

    public void Dispose() => lines.Dispose();

    private async Task<DomainMail> AskAsync(string domain, CancellationToken ct)
    {
        try
        {
            var answer = await client.Value.QueryAsync(domain, QueryType.MX, cancellationToken: ct);
            if (answer.HasError)
                return answer.Header.ResponseCode is DnsHeaderResponseCode.NotExistentDomain ? DomainMail.None : DomainMail.Unknown;
            var servers = answer.Answers.MxRecords().ToList();
            if (servers.Count > 0)
                return servers is [{ Exchange.Value: "." }] ? DomainMail.Refuses : DomainMail.Takes;
            return await HasAddressAsync(domain, QueryType.A, ct) || await HasAddressAsync(domain, QueryType.AAAA, ct) ? DomainMail.Takes : DomainMail.None;
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested) // no name server, a time-out, an answer that is none: a hint that does not come keeps nobody out
        {
            return DomainMail.Unknown;
        }
    }

    /// <exception cref="DnsResponseException">No answer, which is not the answer that there is none.</exception>
    private async Task<bool> HasAddressAsync(string domain, QueryType type, CancellationToken ct)
    {
        var answer = await client.Value.QueryAsync(domain, type, cancellationToken: ct);
        return answer.HasError ? throw new DnsResponseException((DnsResponseCode)answer.Header.ResponseCode) : answer.Answers.OfType<AddressRecord>().Any();
    }

    private static LookupClient Client(SignUpOptions options)
    {
        var place = options.NameServer.Length > 0 ? IPEndPoint.Parse(options.NameServer) : null;
        var settings = place is null ? new LookupClientOptions() : new LookupClientOptions(new IPEndPoint(place.Address, place.Port > 0 ? place.Port : NameServer.DefaultPort));
        settings.Timeout = Patience;
        settings.Retries = 0;
        settings.UseCache = false;
        return new(settings);
    }
}
