@echo off
rem Installs Loa with its words in Vietnamese; install.cmd does the same in English. Asks Windows for administrator's
rem rights, then leaves everything to loa.exe. Kept as plain as it is: a station's technician may want to read it.
chcp 65001 >nul
setlocal
set "SELF=%~f0"
if not exist "%~dp0loa.exe" (
    echo Hãy giải nén cả tệp zip ra một thư mục, rồi chạy cai-dat.cmd trong thư mục đó.
    echo Unpack the whole zip into a folder first, then run cai-dat.cmd there.
    pause
    exit /b 1
)
if "%~1"=="elevated" goto install
net session >nul 2>&1
if not errorlevel 1 goto install
powershell -NoProfile -Command "Start-Process -FilePath $env:SELF -ArgumentList 'elevated' -Verb RunAs"
exit /b

:install
"%~dp0loa.exe" --language vi install
set "RESULT=%ERRORLEVEL%"
pause
exit /b %RESULT%
