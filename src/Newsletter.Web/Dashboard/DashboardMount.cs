using Hangfire;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Newsletter.Addresses;

namespace Newsletter.Web;

/// <summary>The editions at <c>/editions</c> and Hangfire's dashboard at <c>/jobs</c>, for the admin alone.</summary>
internal static class DashboardMount
{
    public static void AddDashboard(this IServiceCollection services, WebOptions options)
    {
        // Before AddAuthentication and AddAntiforgery, which would bring a key ring of their own into the home folder.
        services.AddSingleton<IDataProtectionProvider>(provider => new SealedData(provider.GetRequiredService<KeyRing>()));
        services.AddSingleton<Admin>();
        services.AddSingleton<FailedSignIns>();
        services.AddSingleton<ControlDesk>();
        services.AddSingleton<InboxDesk>();
        services.AddSingleton<ThreadActs>();
        services.AddSingleton<SuspensionsDesk>();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie => SetUp(cookie, options));
        services.AddAuthorizationBuilder().AddPolicy(Admin.Policy, policy => policy.RequireRole(Admin.Policy));
        // Without it the dashboard takes a POST from any page that the admin's browser has open.
        services.AddAntiforgery(SetUp);
        if (services.FirstOrDefault(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Name == "DataProtectionHostedService") is { } keyMaker)
            services.Remove(keyMaker); // it writes the unused key ring at start
    }

    public static void MapDashboard(this IEndpointRouteBuilder pages, SitePaths paths)
    {
        pages.MapSignIn();
        var desk = pages.MapGroup("").RequireAuthorization(Admin.Policy).WithMetadata(new RequestSizeLimitAttribute(AdminPost.MaxBody));
        desk.MapControl();
        desk.MapInbox();
        desk.MapMailParts();
        desk.MapSuspensions();
        desk.MapIncidents();
        desk.MapHeld();
        pages.MapHangfireDashboardWithAuthorizationPolicy(Admin.Policy, "/jobs", new DashboardOptions
        {
            AppPath = paths.Editions,
            DashboardTitle = "Jobs",
            DisplayStorageConnectionString = false,
        });
    }

    private static void SetUp(CookieAuthenticationOptions cookie, WebOptions options)
    {
        cookie.Cookie.Name = "newsletter-admin";
        cookie.Cookie.SameSite = SameSiteMode.Strict;
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = options.SignInFor;
        cookie.SlidingExpiration = false; // a renewal would set a cookie on whatever page is asked for
        cookie.Events.OnRedirectToLogin = cookie.Events.OnRedirectToAccessDenied = context =>
        {
            var paths = context.HttpContext.RequestServices.GetRequiredService<SitePaths>();
            context.Response.Redirect(paths.SignIn + SignInEndpoints.WayBack(context.Request.Path));
            return Task.CompletedTask;
        };
        cookie.Events.OnValidatePrincipal = context =>
        {
            if (!context.HttpContext.RequestServices.GetRequiredService<Admin>().StillHolds(context.Principal))
                context.RejectPrincipal();
            return Task.CompletedTask;
        };
    }

    private static void SetUp(AntiforgeryOptions forgery)
    {
        forgery.Cookie.Name = "newsletter-form";
        forgery.Cookie.SameSite = SameSiteMode.Strict;
        forgery.Cookie.HttpOnly = true;
        forgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
    }
}
