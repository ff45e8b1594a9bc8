using Newsletter.Addresses;
using Newsletter.Classifying;

namespace Newsletter.Returns;

/// <summary>That a delivery came back, as either door tells it.</summary>
/// <param name="Delivery">Which; proven.</param>
/// <param name="Verdict">Why, and what that says about the address.</param>
/// <param name="Evidence">The server's own words; from outside.</param>
/// <param name="At">When it was known.</param>
/// <param name="ReturnedMail">The row of the report; null where the relay said it.</param>
public sealed record BounceFact(DeliveryId Delivery, BounceVerdict Verdict, string Evidence, DateTimeOffset At, long? ReturnedMail = null);
