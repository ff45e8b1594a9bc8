namespace Newsletter.Addresses;

/// <summary>A subscriber's number in the store; positive.</summary>
public readonly record struct SubscriberId(long Value);

/// <summary>An edition's number in the store; positive.</summary>
public readonly record struct EditionId(long Value);

/// <summary>One edition to one subscriber.</summary>
public readonly record struct DeliveryId(EditionId Edition, SubscriberId Subscriber)
{
    /// <summary>From the two numbers as they stand in the store.</summary>
    public static DeliveryId Of(long edition, long subscriber) => new(new EditionId(edition), new SubscriberId(subscriber));
}

/// <summary>A small letter that asks one subscriber whether anybody is there.</summary>
public readonly record struct ProbeId(long Value, SubscriberId Subscriber);

/// <summary>The mail to one subscriber who left by mail; it names that leaving and no other.</summary>
public readonly record struct FarewellId(long Value, SubscriberId Subscriber);

/// <summary>A mail that one subscriber asked for on their own pages.</summary>
public readonly record struct ReaderMailId(long Value, SubscriberId Subscriber);

/// <summary>One wish to be subscribed; the time at which it was made (UTC milliseconds) tells it from another that has its number after it is gone.</summary>
public readonly record struct SignUpId(long Value, long MadeAt);

/// <summary>A list that was taken in; positive.</summary>
public readonly record struct ImportId(long Value);
