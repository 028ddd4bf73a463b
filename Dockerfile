# Builds the program and puts it on a runtime image. Both bases are arguments, so that a mirror or an image made on the spot will do:
#   docker build --build-arg SDK=mirror.example.com/dotnet/sdk:10.0 --build-arg RUNTIME=mirror.example.com/dotnet/aspnet:10.0 .
# The runtime base needs the ASP.NET Core 10 runtime, git, for the sources that use them gpg and ssh, and for log-ins with an LDAP directory libldap.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK} AS build
WORKDIR /src
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols*.txt .editorconfig ./
COPY src ./src
# Part of the program: the rights that portcullis up gives and portcullis uninstall takes.
COPY config/rbac ./config/rbac
# The analyzers are ./test's business.
RUN dotnet publish src/Portcullis/Portcullis.csproj -c Release -o /out --nologo -p:RunAnalyzers=false

FROM ${RUNTIME}
# PACKAGES= (empty) where the base has them already.
ARG PACKAGES="git gnupg openssh-client libldap2"
RUN if [ -n "${PACKAGES}" ]; then apt-get update -qq && apt-get install -y -qq --no-install-recommends ${PACKAGES} && rm -rf /var/lib/apt/lists/*; fi
COPY --from=build /out /usr/lib/portcullis
# ssh refuses to run for a user without a name.
RUN ln -s /usr/lib/portcullis/portcullis /usr/bin/portcullis \
    && echo 'portcullis:x:65532:65532::/tmp:/bin/false' >> /etc/passwd \
    && echo 'portcullis:x:65532:' >> /etc/group
ENV DOTNET_gcServer=0 DOTNET_CLI_TELEMETRY_OPTOUT=1 HOME=/tmp
USER 65532:65532
ENTRYPOINT ["/usr/lib/portcullis/portcullis"]
CMD ["operator"]
