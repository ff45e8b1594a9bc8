using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using Newsletter.Issues;
using Newsletter.Linting;

namespace Newsletter.Mailroom;

/// <summary>Asks for pages and images, politely: each once, one request to a host at a time with a pause between two, nothing read that is not needed.</summary>
/// <remarks>Hosts of this machine and of private networks are not asked, whatever a link, a redirect or a name server says: looked at when the connection is made.</remarks>
public sealed class WebVisits : IDisposable
{
    private readonly WebVisitOptions _options;
    private readonly TimeProvider _time;
    private readonly HostTurns _turns;
    private readonly Uri _own;
    private readonly HttpClient _client;

    /// <param name="publication">Its address stands in the User-Agent, so that a host's owner knows who asks.</param>
    /// <param name="options">How politely.</param>
    /// <param name="time">For pauses and patience.</param>
    public WebVisits(Publication publication, WebVisitOptions options, TimeProvider time)
    {
        (_options, _time, _turns, _own) = (options, time, new(options.Pause, time), new Uri(publication.BaseUrl));
        _client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // each hop is looked at
            UseCookies = false,
            UseProxy = false, // a proxy would connect for us, and ask nobody
            MaxConnectionsPerServer = 1,
            MaxResponseHeadersLength = 64,
            MaxResponseDrainSize = 0, // a page that is not read is not fetched to keep a connection
            ConnectTimeout = options.Patience,
            ConnectCallback = ConnectAsync,
        }) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd($"Newsletter-lint/1 (+{_own.Scheme}://{_own.IdnHost})");
        _client.DefaultRequestHeaders.Accept.ParseAdd("*/*");
    }

    /// <summary>Visits each address once, without its fragment.</summary>
    /// <param name="addresses">Of any number of issues.</param>
    /// <param name="progress">Called with the address that was just seen.</param>
    /// <param name="ct">Stops between two requests, and within one.</param>
    public async Task<IReadOnlyDictionary<string, Visit>> AllAsync(IEnumerable<WebAddress> addresses, Action<Uri> progress, CancellationToken ct)
    {
        var visits = new ConcurrentDictionary<string, Visit>(StringComparer.Ordinal);
        var hosts = addresses.GroupBy(KeyOf).Select(same => same.OrderByDescending(address => address.IsImage).First()).GroupBy(address => address.Address.Authority);
        await Parallel.ForEachAsync(hosts, new ParallelOptions { MaxDegreeOfParallelism = _options.Hosts, CancellationToken = ct }, async (host, stop) =>
        {
            foreach (var address in host)
            {
                visits[KeyOf(address)] = await OneAsync(address, stop);
                progress(address.Address);
            }
        });
        return visits;
    }

    /// <summary>Two links to places of one page are one visit.</summary>
    public static string KeyOf(WebAddress address) => address.Address.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<Visit> OneAsync(WebAddress address, CancellationToken ct)
    {
        var patience = new Patience(_options.Patience, _time);
        try
        {
            var visit = await FollowAsync(address, address.IsImage ? HttpMethod.Get : HttpMethod.Head, patience, ct);
            // Many hosts answer HEAD with anything but the truth; redirects that lead nowhere are followed once.
            return address.IsImage || visit.Status is null or (>= 200 and < 300) || visit.IsRefusedForNow ? visit : await FollowAsync(address, HttpMethod.Get, patience, ct);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return new() { Final = address.Address, Trouble = e is OperationCanceledException ? $"no answer in {_options.Patience.TotalSeconds:0} seconds" : "the line was lost" };
        }
    }

    private async Task<Visit> FollowAsync(WebAddress address, HttpMethod method, Patience patience, CancellationToken ct)
    {
        var (at, forGood) = (new Uri(KeyOf(address)), true);
        for (var hop = 0; ; hop++)
            try
            {
                using var turn = await _turns.TakeAsync(at, ct);
                if (turn.Enough is { } enough)
                    return new() { Final = at, Status = enough };
                using var spell = patience.Begin(ct);
                using var request = new HttpRequestMessage(method, at);
                if (method == HttpMethod.Get)
                    request.Headers.Range = new RangeHeaderValue(0, _options.MostBytes - 1);
                using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, spell.Token);
                turn.Enough = (int)response.StatusCode is (429 or 503) and var status ? status : null;
                if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308))
                    return await SeenAsync(address, at, hop > 0 && forGood, response, spell.Token);
                // Null as well where a program cannot read what it says: `http://a..b/`.
                if (response.Headers.Location is not { } location || !Uri.TryCreate(at, location, out var next))
                    return new() { Final = at, Trouble = "a redirect to no address that can be read" };
                if (hop == _options.Redirects || next.Scheme is not ("http" or "https"))
                    return new() { Final = next, Trouble = hop == _options.Redirects ? $"more than {_options.Redirects} redirects" : $"a redirect to {next.Scheme}:" };
                forGood &= (int)response.StatusCode is 301 or 308;
                at = next;
            }
            catch (HttpRequestException e)
            {
                return Failed(at, e);
            }
    }

    private async Task<Visit> SeenAsync(WebAddress address, Uri at, bool isMovedForGood, HttpResponseMessage response, CancellationToken ct)
    {
        var status = response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable ? 200 : (int)response.StatusCode; // an empty page
        var mediaType = response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant() ?? "";
        var visit = new Visit { Final = at, Status = status, IsMovedForGood = isMovedForGood, MediaType = mediaType };
        if (!address.IsImage || status is < 200 or >= 300)
            return visit;

        var bytes = new byte[_options.MostBytes];
        await using var content = await response.Content.ReadAsStreamAsync(ct);
        var length = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
        var facts = ImageFile.Read(bytes.AsSpan(0, length));
        var whole = response.Content.Headers.ContentRange?.Length ?? (response.StatusCode == HttpStatusCode.OK ? response.Content.Headers.ContentLength : null) ?? (length < bytes.Length ? length : null);
        return visit with { Image = facts.Fault == ImageFault.None ? facts with { Bytes = whole, Content = null } : null };
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var mayBePrivate = _options.AllowsPrivate || host.Equals(_own.IdnHost, StringComparison.OrdinalIgnoreCase) && port == _own.Port;
        if (host.Length > 255)
            throw new SocketException((int)SocketError.HostNotFound); // no name server knows longer ones (RFC 1035 §2.3.4)
        var addresses = await Dns.GetHostAddressesAsync(host.Trim('[', ']'), ct);
        var asked = addresses.Where(address => mayBePrivate || PublicNetwork.Holds(address)).ToArray();
        if (asked.Length == 0)
            throw new HttpRequestException(HttpRequestError.ConnectionError, "an address of this machine or of a private network, which is not asked");

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(asked, port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Visit Failed(Uri at, HttpRequestException e) => e.InnerException switch
    {
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } => new() { Final = at, HasNoHost = true, Trouble = $"there is no host {(at.Host.Length > 80 ? at.Host[..80] + "…" : at.Host)}" },
        SocketException { SocketErrorCode: SocketError.TryAgain } => new() { Final = at, Trouble = $"the name {at.Host} could not be looked up" },
        SocketException socket => new() { Final = at, Trouble = socket.SocketErrorCode == SocketError.ConnectionRefused ? "the host refuses the connection" : "the host cannot be reached" },
        AuthenticationException => new() { Final = at, Trouble = "its certificate is not valid" },
        HttpRequestException inner => new() { Final = at, Trouble = inner.Message },
        _ => new() { Final = at, Trouble = e.HttpRequestError == HttpRequestError.ConnectionError ? e.Message : "its answer cannot be read" },
    };
}
