using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Newsletter.Testing;

/// <summary>Amazon SES and SNS as they are heard, and their host as it is asked: with a certificate that an authority of this test has signed.</summary>
public sealed class AmazonVoice : ProviderVoice
{
    public const string Topic = "arn:aws:sns:eu-west-1:123456789012:bounces";
    public const string Host = "sns.eu-west-1.amazonaws.com";
    public const string Certificate = $"https://{Host}/SimpleNotificationService-0123456789abcdef.pem";

    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string name;
    private readonly X509Certificate2 authority;
    private RSA key = RSA.Create(2048);
    private X509Certificate2 own;

    public AmazonVoice(string certificateName = "sns.amazonaws.com")
    {
        using var root = RSA.Create(2048);
        name = certificateName;
        var request = new CertificateRequest("CN=An authority of this test", root, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        authority = request.CreateSelfSigned(Begin, End);
        own = Issue();
    }

    public override string Kind => "Ses";

    protected override IEnumerable<string> Secrets => [$"Topics:0={Topic}"];

    /// <summary>Whom to trust.</summary>
    public X509Certificate2Collection Roots { get => field ?? [authority]; init; }

    /// <summary>What its host was asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>SHA-256 where 2, SHA-1 where 1.</summary>
    public string Version { get; init; } = "2";

    /// <summary>The way to its host.</summary>
    public HttpMessageHandler Way => new HostStandIn(this);

    /// <summary>Signs with another key from now on, whose certificate stands where the old one stood.</summary>
    public void Renew()
    {
        key = RSA.Create(2048);
        own = Issue();
    }

    public override string Bounce(string address, string letter = "") =>
        $$$"""{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"General","bouncedRecipients":[{"emailAddress":"{{{address}}}","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 no such user here"}]},"mail":{"headers":[{{{(letter.Length > 0 ? $$"""{"name":"Message-ID","value":"<{{letter}}>"}""" : "")}}}]}}""";

    public override HttpRequestMessage Post(string events, DateTimeOffset at) => Message("Notification", events, at, []);

    public override HttpRequestMessage Unproven(string events) => Sent(new JsonObject { ["Type"] = "Notification", ["TopicArn"] = Topic, ["MessageId"] = $"{Guid.NewGuid()}", ["Message"] = events });

    public override string ToString() => $"{Kind}, version {Version}";

    /// <summary>Any message of SNS, signed; members may be given that differ from the usual.</summary>
    public HttpRequestMessage Message(string type, string message, DateTimeOffset at, Dictionary<string, string> members)
    {
        var told = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["Message"] = message, ["MessageId"] = $"{Guid.NewGuid()}", ["Timestamp"] = $"{at:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}", ["TopicArn"] = Topic, ["Type"] = type,
        };
        foreach (var (name, value) in members)
            told[name] = value;
        var signed = string.Concat(told.Where(each => each.Key is not "SigningCertURL").Select(each => $"{each.Key}\n{each.Value}\n"));
        var hash = Version is "1" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
        var envelope = new JsonObject(told.Select(each => KeyValuePair.Create(each.Key, (JsonNode?)each.Value)))
        {
            ["SignatureVersion"] = Version,
            ["Signature"] = Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(signed), hash, RSASignaturePadding.Pkcs1)),
        };
        envelope.TryAdd("SigningCertURL", Certificate);
        return Sent(envelope);
    }

    private X509Certificate2 Issue() => new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).Create(authority, Begin, End, [1, 2, 3, 4]);

    private HttpRequestMessage Sent(JsonObject envelope) => new(HttpMethod.Post, Path) { Content = new StringContent(envelope.ToJsonString(new JsonSerializerOptions()), Encoding.UTF8, "text/plain") };

    private sealed class HostStandIn(AmazonVoice amazon) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            amazon.Asked.Enqueue(request.RequestUri!.ToString());
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(amazon.own.ExportCertificatePem()) });
        }
    }
}
