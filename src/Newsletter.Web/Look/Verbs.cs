namespace Newsletter.Web;

/// <summary>The methods of our endpoints.</summary>
internal static class Verbs
{
    /// <summary>Changes nothing (RFC 9110 §9.2.1); ASP.NET does not answer HEAD where only GET is mapped.</summary>
    public static readonly string[] Read = ["GET", "HEAD"];
}
