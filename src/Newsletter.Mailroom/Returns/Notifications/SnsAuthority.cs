using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Newsletter.Mailroom;

/// <summary>Amazon SNS as seen from here: its certificates, and the address that confirms a subscription.</summary>
/// <remarks>
/// Whoever knows a topic's name can make us ask for a certificate; so only SNS's host of the topic's region is asked, over https, following nowhere, seldom, one at a time, and little is read.
/// What is known counts until it ends: strangers who use up the asking must not keep Amazon out. Where it does not fit and is a day old, a new one may stand at its address.
/// Whom to trust is said here and by no setting: a test that plays Amazon builds one of its own.
/// </remarks>
public sealed class SnsAuthority : IDisposable
{
    private const int MostBytes = 64 * 1024;
    private const int MostCertificates = 32;
    private const int MostAsksInAMinute = 10;
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _web;
    private readonly X509Certificate2Collection? _roots;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentDictionary<Uri, (X509Certificate2 Certificate, DateTimeOffset Since)> _known = [];
    private readonly Queue<DateTimeOffset> _asks = new();

    /// <param name="way">How its hosts are reached.</param>
    /// <param name="roots">Who signs its certificates; null: whom this machine trusts.</param>
    /// <param name="time">Certificates end.</param>
    public SnsAuthority(HttpMessageHandler way, X509Certificate2Collection? roots, TimeProvider time)
    {
        (_roots, _time) = (roots, time);
        _web = new(way) { Timeout = Patience, MaxResponseContentBufferSize = MostBytes };
    }

    /// <summary>The real one.</summary>
    public static SnsAuthority OfAmazon(TimeProvider time) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Patience, MaxResponseHeadersLength = 16, MaxConnectionsPerServer = 2 }, null, time);

    /// <inheritdoc/>
    public void Dispose()
    {
        _web.Dispose();
        _turn.Dispose();
        foreach (var (certificate, _) in _known.Values)
            certificate.Dispose();
    }

    /// <summary>Checks data that was signed with the certificate at an address; false where it does not hold, null where the certificate cannot be had now.</summary>
    internal async Task<bool?> IsSignedAsync(SnsTopic topic, Uri address, byte[] data, byte[] signature, HashAlgorithmName hash, CancellationToken ct)
    {
        if (!topic.IsOwn(address) || !IsOfCertificate(address))
            return false;
        var known = Known(address);
        if (known is { } held && Holds(held.Certificate))
            return true;
        if (known is { } tried && IsFresh(tried.Since))
            return false;
        return await FetchAsync(address, ct) is { } certificate ? Holds(certificate) : null;

        bool Holds(X509Certificate2 certificate)
        {
            using var key = certificate.GetRSAPublicKey();
            return topic.CertificateNames.Any(name => certificate.MatchesHostname(name)) && key is not null && key.VerifyData(data, signature, hash, RSASignaturePadding.Pkcs1);
        }
    }

    /// <summary>Asks for an address of SNS's; false where it did not answer with yes.</summary>
    internal async Task<bool> VisitAsync(SnsTopic topic, Uri address, CancellationToken ct) => topic.IsOwn(address) && await AskAsync(address, ct) is not null;

    private static bool IsOfCertificate(Uri address) => address.Query.Length == 0 && address.AbsolutePath is ['/', .. var file]
        && file.StartsWith("SimpleNotificationService-", StringComparison.Ordinal) && file.EndsWith(".pem", StringComparison.Ordinal)
        && file.Length < 120 && file.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.');

    private (X509Certificate2 Certificate, DateTimeOffset Since)? Known(Uri address) =>
        _known.TryGetValue(address, out var known) && known.Certificate.NotAfter.ToUniversalTime() > _time.GetUtcNow().UtcDateTime ? known : null;

    private bool IsFresh(DateTimeOffset since) => since + Fresh > _time.GetUtcNow();

    private async Task<X509Certificate2?> FetchAsync(Uri address, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try { return Known(address) is { } known && IsFresh(known.Since) ? known.Certificate : await AskForCertificateAsync(address, ct); } // somebody else may have had it meanwhile
        finally { _turn.Release(); }
    }

    private async Task<X509Certificate2?> AskForCertificateAsync(Uri address, CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        if (!MayAsk(now) || await AskAsync(address, ct) is not { } pem || Trusted(pem, now) is not { } certificate)
            return null;
        if (_known.Count >= MostCertificates)
            _known.Clear(); // those in use come again with the next message
        _known[address] = (certificate, now);
        return certificate;
    }

    private bool MayAsk(DateTimeOffset now)
    {
        while (_asks.TryPeek(out var oldest) && (oldest <= now - TimeSpan.FromMinutes(1) || oldest > now))
            _asks.Dequeue();
        if (_asks.Count >= MostAsksInAMinute)
            return false;
        _asks.Enqueue(now);
        return true;
    }

    private async Task<string?> AskAsync(Uri address, CancellationToken ct)
    {
        try
        {
            using var answer = await _web.GetAsync(address, ct);
            return answer.StatusCode is HttpStatusCode.OK ? await answer.Content.ReadAsStringAsync(ct) : null;
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null; // unreachable, late, too long, or in no charset: all of them say "not now"
        }
    }

    /// <summary>The first certificate of a PEM file, if this machine trusts it; those behind it help to build the chain.</summary>
    private X509Certificate2? Trusted(string pem, DateTimeOffset now)
    {
        var certificates = new X509Certificate2Collection();
        try { certificates.ImportFromPem(pem); }
        catch (CryptographicException) { return null; }
        if (certificates.Count == 0)
            return null;
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // it comes fresh from its owner's host
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.UrlRetrievalTimeout = Patience;
        chain.ChainPolicy.ExtraStore.AddRange(certificates);
        if (_roots is not null)
        {
            (chain.ChainPolicy.TrustMode, chain.ChainPolicy.DisableCertificateDownloads) = (X509ChainTrustMode.CustomRootTrust, true);
            chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        }
        return chain.Build(certificates[0]) ? certificates[0] : null;
    }
}
