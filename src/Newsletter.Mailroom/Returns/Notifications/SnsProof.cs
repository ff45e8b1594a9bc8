using Microsoft.Extensions.Logging;

namespace Newsletter.Mailroom;

/// <summary>Amazon SNS signs each message with a key whose certificate stands at its own host; only messages of the configured topics are looked at.</summary>
internal sealed partial class SnsProof(NotificationOptions options, SnsAuthority amazon, ILogger log) : INotificationProof
{
    private const int LongestSignature = 1024;

    private readonly List<SnsTopic> topics = options.Topics.Select(SnsTopic.Read).OfType<SnsTopic>().ToList();

    public string Trust => "signature";

    public async Task<Proof> CheckAsync(PostedNotification posted, DateTimeOffset now, CancellationToken ct)
    {
        if (SnsEnvelope.Read(posted.Body.Span) is not { } envelope || envelope.Signed() is not { } signed || envelope.Signature is null)
            return new Proof.Missing("it is no signed message of SNS (raw message delivery has no signature: turn it off)");
        if (topics.Find(each => each.Arn == envelope.TopicArn) is not { } topic)
            return new Proof.Wrong("its topic is not one of Topics");
        if (envelope.At is not { } at || Proofing.Base64(envelope.Signature, LongestSignature) is not { } signature || envelope.Hash is not { } hash
            || !Uri.TryCreate(envelope.SigningCertURL, UriKind.Absolute, out var certificate))
            return new Proof.Wrong("time, signature or certificate are none");
        return await amazon.IsSignedAsync(topic, certificate, signed, signature, hash, ct) switch
        {
            null => new Proof.NotNow($"the certificate of {topic.Host} could not be had or is not trusted"),
            false => new Proof.Wrong("the signature does not hold, or its certificate is not Amazon's"),
            true => Proofing.Fault(at, now, options.ActualTolerance) is { } fault ? new Proof.Wrong(fault) : await OfTypeAsync(envelope, topic, ct),
        };
    }

    private async Task<Proof> OfTypeAsync(SnsEnvelope envelope, SnsTopic topic, CancellationToken ct)
    {
        switch (envelope.Type)
        {
            case "Notification":
                return new Proof.Holds();
            case "SubscriptionConfirmation":
                if (!Uri.TryCreate(envelope.SubscribeURL, UriKind.Absolute, out var address) || !topic.IsOwn(address))
                    return new Proof.Wrong("its SubscribeURL leads elsewhere than to SNS");
                return await amazon.VisitAsync(topic, address, ct) ? new Proof.Settled("the subscription is confirmed") : new Proof.NotNow($"{topic.Host} did not take the confirmation");
            default:
                LogEnded(options.Name, topic.Arn);
                return new Proof.Settled("the subscription is ended");
        }
    }

    [LoggerMessage(4034, LogLevel.Warning, "Notifications {Name}: the subscription to {Topic} was ended at Amazon SNS; nothing more will be told from there until it is subscribed again")]
    private partial void LogEnded(string name, string topic);
}
