using System.Security.Cryptography;
using System.Text;

namespace Newsletter.Testing;

/// <summary>Those that need nothing but a key.</summary>
public static class Voices
{
    public static IReadOnlyList<ProviderVoice> All() => [new SendGridVoice(), new MailgunVoice(), new PostmarkVoice(), new BrevoVoice(), new ScriptVoice()];
}

/// <summary>ECDSA over timestamp and body.</summary>
public sealed class SendGridVoice : ProviderVoice
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public override string Kind => "SendGrid";

    public override bool HasBatches => true;

    protected override IEnumerable<string> Secrets => [$"Keys:0={Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}"];

    public override string Bounce(string address, string letter = "") =>
        $$"""[{"email":"{{address}}","timestamp":1771000000,{{(letter.Length > 0 ? $"\"smtp-id\":\"<{letter}>\"," : "")}}"event":"bounce","type":"bounce","sg_event_id":"{{Guid.NewGuid():n}}","status":"5.1.1","reason":"550 5.1.1 no such user here","bounce_classification":"Invalid Address"}]""";

    public override HttpRequestMessage Post(string events, DateTimeOffset at) => Request(events,
        ("X-Twilio-Email-Event-Webhook-Timestamp", Seconds(at)),
        ("X-Twilio-Email-Event-Webhook-Signature", Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(Seconds(at) + events), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))));
}

/// <summary>HMAC over timestamp and token, in the body.</summary>
public sealed class MailgunVoice : ProviderVoice
{
    private readonly string key = $"key-{Guid.NewGuid():n}";

    public override string Kind => "Mailgun";

    protected override IEnumerable<string> Secrets => [$"Keys:0={key}"];

    public override string Bounce(string address, string letter = "") =>
        $$$"""{"event":"failed","severity":"permanent","reason":"bounce","id":"{{{Guid.NewGuid():n}}}","recipient":"{{{address}}}","delivery-status":{"code":550,"message":"5.1.1 no such user here"},"message":{"headers":{{{(letter.Length > 0 ? $$"""{"message-id":"{{letter}}"}""" : "{}")}}} } }""";

    public override HttpRequestMessage Post(string events, DateTimeOffset at) => Post(events, at, $"{Guid.NewGuid():n}{Guid.NewGuid():n}"[..50]);

    public HttpRequestMessage Post(string events, DateTimeOffset at, string token) => Request($$"""{"signature":{"timestamp":"{{Seconds(at)}}","token":"{{token}}","signature":"{{Sign(Seconds(at) + token)}}"},"event-data":{{events}}}""");

    public override HttpRequestMessage Unproven(string events) => Request($$"""{"event-data":{{events}}}""");

    private string Sign(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)));
}

/// <summary>HTTP basic authentication.</summary>
public sealed class PostmarkVoice : ProviderVoice
{
    private readonly string password = $"{Guid.NewGuid():n}";

    public override string Kind => "Postmark";

    public override bool HasTime => false;

    protected override IEnumerable<string> Secrets => ["User=postmark", $"Password={password}"];

    public override string Bounce(string address, string letter = "") =>
        $$$"""{"RecordType":"Bounce","ID":{{{Random.Shared.NextInt64(1L << 40)}}},"Type":"HardBounce","MessageID":"{{{Guid.NewGuid()}}}","Email":"{{{address}}}","Details":"smtp;550 5.1.1 no such user here","Metadata":{ {{{(letter.Length > 0 ? $"\"letter\":\"{letter}\"" : "")}}} }}""";

    public override HttpRequestMessage Post(string events, DateTimeOffset at) => Request(events, ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"postmark:{password}"))}"));
}

/// <summary>A bearer token.</summary>
public sealed class BrevoVoice : ProviderVoice
{
    private readonly string token = $"{Guid.NewGuid():n}";

    public override string Kind => "Brevo";

    public override bool HasTime => false;

    public override bool HasBatches => true;

    protected override IEnumerable<string> Secrets => [$"Keys:0={token}"];

    public override string Bounce(string address, string letter = "") =>
        $$"""{"event":"hard_bounce","email":"{{address}}","id":26224,"message-id":"<{{(letter.Length > 0 ? letter : $"{Guid.NewGuid():n}@relay.example")}}>","ts_event":1771000000,"reason":"550 5.1.1 no such user here"}""";

    public override HttpRequestMessage Post(string events, DateTimeOffset at) => Request(events, ("Authorization", $"Bearer {token}"));
}

/// <summary>Anyone's script: Standard Webhooks. It has a new secret and still signs with the old one as well.</summary>
public sealed class ScriptVoice : ProviderVoice
{
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32);

    public override string Kind => "Generic";

    public override bool HasBatches => true;

    protected override IEnumerable<string> Secrets => [$"Keys:0=whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(24))}", $"Keys:1=whsec_{Convert.ToBase64String(secret)}"];

    public override string Bounce(string address, string letter = "") =>
        $$"""{"event":"bounce","recipient":"{{address}}",{{(letter.Length > 0 ? $"\"messageId\":\"{letter}\"," : "")}}"status":"5.1.1","diagnostic":"550 5.1.1 no such user here"}""";

    public override HttpRequestMessage Post(string events, DateTimeOffset at) => Post(events, at, $"msg_{Guid.NewGuid():n}");

    public HttpRequestMessage Post(string events, DateTimeOffset at, string id) => Request(events,
        ("webhook-id", id), ("webhook-timestamp", Seconds(at)),
        ("webhook-signature", $"v1a,{Convert.ToBase64String(new byte[64])} v1,{Convert.ToBase64String(new byte[32])} v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{id}.{Seconds(at)}.{events}")))}"));
}
