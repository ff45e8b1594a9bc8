using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication.Cookies;
using Newsletter.Addresses;

namespace Newsletter.Web;

/// <summary>Who knows the password of the house.</summary>
internal sealed class Admin(WebOptions options, KeyRing ring)
{
    public const string Policy = "admin";
    private const string Proof = "password";

    /// <summary>Names the password without telling it: a sign-in ends when the password changes.</summary>
    private readonly string mark = Convert.ToHexStringLower(HMACSHA256.HashData(ring.For(ring.Current, "admin password")!, Encoding.UTF8.GetBytes(options.AdminPassword)));

    /// <summary>False where there is no password and so nobody can sign in.</summary>
    public bool Exists => options.AdminPassword.Length > 0;

    /// <summary>Takes the same time whatever is wrong with the text.</summary>
    public bool Knows(string password) =>
        Exists & CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(password)), SHA256.HashData(Encoding.UTF8.GetBytes(options.AdminPassword)));

    public ClaimsPrincipal Principal() =>
        new(new ClaimsIdentity([new(ClaimTypes.Name, "admin"), new(ClaimTypes.Role, Policy), new(Proof, mark)], CookieAuthenticationDefaults.AuthenticationScheme));

    public bool StillHolds(ClaimsPrincipal? principal) => Exists && principal?.FindFirstValue(Proof) == mark;
}
